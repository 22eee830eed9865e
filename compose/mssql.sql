-- Runs at every start: what is there stays, and a new password takes effect. Single quotes in ETL_PASSWORD are doubled already.
set nocount on;
if db_id('ender_turing') is null
begin
  create database ender_turing;
  alter database ender_turing set read_committed_snapshot on;
end
if suser_id('etl') is null create login etl with password = N'$(ETL_PASSWORD)', check_policy = off
else alter login etl with password = N'$(ETL_PASSWORD)', check_policy = off;
go
use ender_turing;
if user_id('etl') is null create user etl for login etl;
alter role db_owner add member etl;
go
