-- Taking back never deletes: the table moves out of the way with everything in it. Its foreign key goes, because
-- schema 1 knows nothing of replies and must be free to delete an entry.
DO $$
DECLARE
  aside text := 'set_aside_' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS_US');
BEGIN
  EXECUTE format('CREATE SCHEMA %I', aside);
  ALTER TABLE replies DROP CONSTRAINT replies_entry_fkey;
  EXECUTE format('ALTER TABLE replies SET SCHEMA %I', aside);
END $$;
