ALTER TABLE activities DROP COLUMN request_mac;
CREATE UNIQUE INDEX activities_client_token_key ON activities (user_uuid, client_token) WHERE client_token IS NOT NULL;
DROP TABLE idempotency_keys;
