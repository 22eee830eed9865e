-- Runs at every start: what is there stays, and a new password takes effect.
\set password `cat /run/secrets/database_password`
select 'create role etl login' where not exists (select from pg_roles where rolname = 'etl') \gexec
alter role etl password :'password';
select 'create database ender_turing owner etl encoding ''UTF8'' template template0'
where not exists (select from pg_database where datname = 'ender_turing') \gexec
