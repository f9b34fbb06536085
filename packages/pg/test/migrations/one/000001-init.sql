create table one_things (id int8 primary key, name text not null);
grant select, insert on one_things to huitong_app;
