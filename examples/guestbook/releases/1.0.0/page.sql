SELECT id, name, message, NULL AS reply FROM entries ORDER BY id
