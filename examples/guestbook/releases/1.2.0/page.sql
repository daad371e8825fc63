SELECT e.id, e.name, e.message, r.message AS reply
FROM entries e LEFT JOIN replies r ON r.entry_id = e.id
ORDER BY e.id, r.id
