-- What is counted here is forgotten within a minute anyway: it need not survive a crash of Postgres, and so no caller
-- waits for the disk.
ALTER TABLE "rate_limit" SET UNLOGGED;
