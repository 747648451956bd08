-- How events look at a subscription's destination: `resource`, as a dialect shows them; `plain`, as Millrace does.
alter table event_subscriptions add column shape text not null default 'resource'
  check (shape in ('resource', 'plain'));
