-- Sessions that were revoked are deleted before their time is over.
CREATE INDEX pool_sessions_revoked ON pool_sessions (revoked_at) WHERE revoked_at IS NOT NULL;

-- A destroyed key stays readable in a dead row, and then in the free space of its page, for as long as the table's file does. So
-- keys stand on one of two sides, each with files of its own. From time to time new keys go to the other side, the keys of the
-- former are copied there in batches, and the files of the former are given back. Reads look on both sides.
CREATE TABLE content_key_sides (
  id smallint NOT NULL PRIMARY KEY CHECK (id = 1),
  side smallint NOT NULL, -- where new keys go
  copied_to bigint, -- up to this slot the other side's keys were copied; null: that side is empty
  has_traces smallint NOT NULL, -- 1: keys were destroyed since the copying began
  rewritten_at bigint NOT NULL -- when it began last
);
INSERT INTO content_key_sides (id, side, copied_to, has_traces, rewritten_at) VALUES (1, 0, NULL, 0, 0);

-- Who adds or destroys keys shares the lock until the end of the transaction; who copies them or turns the sides has it alone. So
-- no key comes to a side that is being left, and none is copied while it is destroyed.
CREATE FUNCTION current_key_side() RETURNS smallint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(4729118307);
  RETURN (SELECT side FROM content_key_sides WHERE id = 1);
END $$;

ALTER TABLE content_keys RENAME TO content_keys_before;
ALTER INDEX content_keys_pkey RENAME TO content_keys_before_pkey;
CREATE TABLE content_keys (
  side smallint NOT NULL DEFAULT current_key_side(),
  slot bigint NOT NULL,
  key bytea NOT NULL
) PARTITION BY LIST (side);
CREATE TABLE content_keys_0 PARTITION OF content_keys (PRIMARY KEY (slot)) FOR VALUES IN (0);
CREATE TABLE content_keys_1 PARTITION OF content_keys (PRIMARY KEY (slot)) FOR VALUES IN (1);
INSERT INTO content_keys (side, slot, key) SELECT 0, slot, key FROM content_keys_before;
DROP TABLE content_keys_before;

-- The server's role need not own the tables: these two truncate them with the rights of who migrates. Both give up after 40 ms when
-- somebody reads for that long, so that no other reader waits behind them for longer.
--
-- The side that is filled next is truncated too, though it is empty: so a plan that was made for an empty table is made anew.
CREATE FUNCTION begin_key_rewrite(now bigint, oldest bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '40ms' AS $$
DECLARE
  state content_key_sides;
BEGIN
  PERFORM pg_advisory_xact_lock(4729118307);
  SELECT * INTO state FROM content_key_sides WHERE id = 1;
  IF state.copied_to IS NOT NULL OR state.has_traces = 0 OR state.rewritten_at > oldest THEN
    RETURN false;
  END IF;
  EXECUTE format('TRUNCATE content_keys_%s', 1 - state.side);
  UPDATE content_key_sides SET side = 1 - state.side, copied_to = 0, has_traces = 0, rewritten_at = now;
  RETURN true;
END $$;

CREATE FUNCTION end_key_rewrite() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '40ms' AS $$
DECLARE
  state content_key_sides;
  is_left boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(4729118307);
  SELECT * INTO state FROM content_key_sides WHERE id = 1;
  IF state.copied_to IS NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM content_keys_%s WHERE slot > $1)', 1 - state.side)
  INTO is_left USING state.copied_to;
  IF is_left THEN
    RETURN false;
  END IF;
  EXECUTE format('TRUNCATE content_keys_%s', 1 - state.side);
  UPDATE content_key_sides SET copied_to = NULL;
  RETURN true;
END $$;

-- What these two name is found where it is now, whatever the caller's search_path.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION begin_key_rewrite(bigint, bigint) SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION end_key_rewrite() SET search_path = %I, pg_temp', current_schema());
END $$;

-- Copies up to `most` keys and gives their number; -1 when there is nothing to be copied.
CREATE FUNCTION copy_keys(most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  state content_key_sides;
  copied bigint;
  last bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(4729118307);
  SELECT * INTO state FROM content_key_sides WHERE id = 1;
  IF state.copied_to IS NULL THEN
    RETURN -1;
  END IF;
  EXECUTE format(
    'WITH next AS MATERIALIZED (SELECT slot, key FROM content_keys_%s WHERE slot > $1 ORDER BY slot LIMIT $2), '
    'copies AS (INSERT INTO content_keys (side, slot, key) SELECT %s, slot, key FROM next) '
    'SELECT count(*), max(slot) FROM next', 1 - state.side, state.side)
  INTO copied, last USING state.copied_to, most;
  IF copied > 0 THEN
    UPDATE content_key_sides SET copied_to = last;
  END IF;
  RETURN copied;
END $$;
