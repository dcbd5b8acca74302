-- A program from before the generations writes versions that lose to all others, whatever their instants. The engine refuses
-- them, so that such a program, opening this store by mistake, fails with every row that it would write, and spoils none.

ALTER TABLE calls ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
ALTER TABLE leads ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
ALTER TABLE campaigns ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
ALTER TABLE teams ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
ALTER TABLE agents ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
ALTER TABLE dispositions ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
ALTER TABLE caller_ids ADD CONSTRAINT IF NOT EXISTS version_has_generation CHECK version >= bitShiftLeft(toUInt128(1), 106);
