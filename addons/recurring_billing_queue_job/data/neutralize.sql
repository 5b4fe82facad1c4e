-- A copy must not do what the original handed out.
UPDATE queue_job
   SET state = 'cancelled', date_cancelled = now() AT TIME ZONE 'UTC'
 WHERE method_name = '_run_as_job'
   AND state IN ('wait_dependencies', 'pending', 'enqueued', 'started');
