-- Whether a program with the key may change anything.
alter table api_token add column may_write boolean not null default true;
