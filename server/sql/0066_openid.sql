-- Who a person is at the operator's provider; and the roles that the provider's claims have given, which they may take away again.
create table openid_identities (
  issuer text not null,
  subject text not null,
  person_id text not null references people (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index openid_identities_person on openid_identities (person_id);

alter table users add column by_openid boolean not null default false;
