-- What a token is for: programs carry it; a browser holds it as its session; or it is a link that signs in once.

ALTER TABLE tokens ADD COLUMN IF NOT EXISTS kind LowCardinality(String) AFTER agent_id;   -- of rows from before it, empty: a token
ALTER TABLE tokens ADD COLUMN IF NOT EXISTS of_token_id UInt64 AFTER kind;   -- a session ends with the token that signed in
