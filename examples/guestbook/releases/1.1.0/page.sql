SELECT e.id, e.name, e.message, r.answer AS reply
FROM entries e LEFT JOIN replies r ON r.entry_id = e.id
ORDER BY e.id, r.id
