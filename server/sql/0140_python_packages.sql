-- Sets of Python's packages: what pip is given, and of which engine. Both null: npm's.
alter table package_sets add column engine text, add column requirements text;
alter table package_sets add constraint package_sets_python check ((engine is null) = (requirements is null));
