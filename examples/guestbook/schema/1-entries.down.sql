-- Taking back never deletes: the table moves out of the way with everything in it.
DO $$
DECLARE
  aside text := 'set_aside_' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS_US');
BEGIN
  EXECUTE format('CREATE SCHEMA %I', aside);
  EXECUTE format('ALTER TABLE entries SET SCHEMA %I', aside);
END $$;
