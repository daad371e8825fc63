-- Taking back never deletes: with replies in it the table moves out of the way, with everything. Its foreign key goes, because
-- schema 1 knows nothing of replies and must be free to delete an entry. An empty table leaves nothing behind.
DO $$
DECLARE
  aside text := 'set_aside_' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD_HH24MISS_US');
BEGIN
  IF NOT EXISTS (SELECT FROM replies) THEN
    DROP TABLE replies;
    RETURN;
  END IF;
  EXECUTE format('CREATE SCHEMA %I', aside);
  ALTER TABLE replies DROP CONSTRAINT replies_entry_fkey;
  EXECUTE format('ALTER TABLE replies SET SCHEMA %I', aside);
END $$;
