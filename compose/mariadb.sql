-- Runs at every start: what is there stays, and a new password takes effect.
create database if not exists ender_turing character set utf8mb4;
create user if not exists etl@'%';
execute immediate concat('alter user etl@''%'' identified by ', quote(@password));
grant all on ender_turing.* to etl@'%';
