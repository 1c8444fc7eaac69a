-- What a repeat with the same Idempotency-Key must ask for.
ALTER TABLE ledger ADD COLUMN fingerprint TEXT NULL;
