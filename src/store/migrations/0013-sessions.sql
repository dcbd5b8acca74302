-- What a token is for: programs carry it; a browser holds it as its session; or it is a link that signs in once.

ALTER TABLE tokens ADD COLUMN IF NOT EXISTS kind LowCardinality(String) DEFAULT 'token';
ALTER TABLE tokens ADD COLUMN IF NOT EXISTS of_token_id UInt64 DEFAULT 0;   -- a session ends with the token that signed in
