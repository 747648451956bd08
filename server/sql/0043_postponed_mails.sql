-- How often a mail was put off because its account had sent as many as it may: no attempt is spent on that.
alter table template_mails add column postponements integer not null default 0;
