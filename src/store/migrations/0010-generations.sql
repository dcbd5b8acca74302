-- A version of a row that went in is (instant of the update << 80) + (generation of its table's columns << 64) + (hash of the
-- row, or the line's place in its file): a row that is sent again with a column that its table did not have before wins
-- over itself, though nothing else changed. Without a generation it is (instant << 64) + (hash or place), which lies below
-- 2^106 for every instant up to 2109; with one it lies above from the second day of 1970 on. Those without have generation 0.

REWRITE campaigns, teams, agents, dispositions, caller_ids, leads, calls
SET version = bitOr(bitShiftLeft(bitShiftRight(version, 64), 80), bitAnd(version, toUInt128(18446744073709551615)))
WHERE version < bitShiftLeft(toUInt128(1), 106);
