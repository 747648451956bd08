-- Callers of IPv6 count by the /64 that they choose addresses from. Rows live ten minutes: those that are waiting
-- count by their address. A node of the version before says no neighbourhood.
alter table device_authorizations add column neighbourhood text not null default '';
drop index device_authorizations_of_address;
create index device_authorizations_of_neighbourhood on device_authorizations (neighbourhood);
