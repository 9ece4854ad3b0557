package pgcatalog

// emptyViews are views of pg_catalog that are always empty in Tarn.
func emptyViews() []relation {
	return []relation{
		{oid: 12081, kind: 'v', schema: pgCatalog, name: "pg_available_extensions", columns: `
			name name, default_version text, installed_version text, comment text`},
		{oid: 12077, kind: 'v', schema: pgCatalog, name: "pg_cursors", columns: `
			name text, statement text, is_holdable bool, is_binary bool, is_scrollable bool, creation_time timestamptz`},
		{oid: 12010, kind: 'v', schema: pgCatalog, name: "pg_group", columns: `groname name, grosysid oid, grolist oid[]`},
		{oid: 12073, kind: 'v', schema: pgCatalog, name: "pg_locks", columns: `
			locktype text, database oid, relation oid, page int4, tuple int2, virtualxid text, transactionid xid, classid oid,
			objid oid, objsubid int2, virtualtransaction text, pid int4, mode text, granted bool, fastpath bool,
			waitstart timestamptz`},
		{oid: 12018, kind: 'v', schema: pgCatalog, name: "pg_policies", columns: `
			schemaname name, tablename name, policyname name, permissive text, roles name[], cmd text, qual text,
			with_check text`},
		{oid: 12095, kind: 'v', schema: pgCatalog, name: "pg_prepared_statements", columns: `
			name text, statement text, prepare_time timestamptz, parameter_types regtype[], from_sql bool, generic_plans int8,
			custom_plans int8`},
		{oid: 12090, kind: 'v', schema: pgCatalog, name: "pg_prepared_xacts", columns: `
			transaction xid, gid text, prepared timestamptz, owner name, database name`},
		{oid: 12068, kind: 'v', schema: pgCatalog, name: "pg_publication_tables", columns: `
			pubname name, schemaname name, tablename name, attnames name[], rowfilter text`},
		{oid: 12257, kind: 'v', schema: pgCatalog, name: "pg_replication_slots", columns: `
			slot_name name, plugin name, slot_type text, datoid oid, database name, temporary bool, active bool,
			active_pid int4, xmin xid, catalog_xmin xid, restart_lsn text, confirmed_flush_lsn text, wal_status text,
			safe_wal_size int8, two_phase bool`},
		{oid: 12023, kind: 'v', schema: pgCatalog, name: "pg_rules", columns: `
			schemaname name, tablename name, rulename name, definition text`},
		{oid: 12099, kind: 'v', schema: pgCatalog, name: "pg_seclabels", columns: `
			objoid oid, classoid oid, objsubid int4, objtype text, objnamespace oid, objname text, provider text, label text`},
		{oid: 12048, kind: 'v', schema: pgCatalog, name: "pg_sequences", columns: `
			schemaname name, sequencename name, sequenceowner name, data_type regtype, start_value int8, min_value int8,
			max_value int8, increment_by int8, cycle bool, cache_size int8, last_value int8`},
		{oid: 12227, kind: 'v', schema: pgCatalog, name: "pg_stat_replication", columns: `
			pid int4, usesysid oid, usename name, application_name text, client_addr text, client_hostname text,
			client_port int4, backend_start timestamptz, backend_xmin xid, state text, sent_lsn text, write_lsn text,
			flush_lsn text, replay_lsn text, write_lag interval, flush_lag interval, replay_lag interval, sync_priority int4,
			sync_state text, reply_time timestamptz`},
		{oid: 12244, kind: 'v', schema: pgCatalog, name: "pg_stat_subscription", columns: `
			subid oid, subname name, pid int4, relid oid, received_lsn text, last_msg_send_time timestamptz,
			last_msg_receipt_time timestamptz, latest_end_lsn text, latest_end_time timestamptz`},
		{oid: 12188, kind: 'v', schema: pgCatalog, name: "pg_stat_sys_indexes", columns: `
			relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan int8, idx_tup_read int8,
			idx_tup_fetch int8`},
		{oid: 12275, kind: 'v', schema: pgCatalog, name: "pg_stat_user_functions", columns: `
			funcid oid, schemaname name, funcname name, calls int8, total_time float8, self_time float8`},
		{oid: 12196, kind: 'v', schema: pgCatalog, name: "pg_statio_all_indexes", columns: `
			relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_blks_read int8, idx_blks_hit int8`},
		{oid: 12209, kind: 'v', schema: pgCatalog, name: "pg_statio_all_sequences", columns: `
			relid oid, schemaname name, relname name, blks_read int8, blks_hit int8`},
		{oid: 12205, kind: 'v', schema: pgCatalog, name: "pg_statio_user_indexes", columns: `
			relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_blks_read int8, idx_blks_hit int8`},
		{oid: 12218, kind: 'v', schema: pgCatalog, name: "pg_statio_user_sequences", columns: `
			relid oid, schemaname name, relname name, blks_read int8, blks_hit int8`},
		{oid: 12053, kind: 'v', schema: pgCatalog, name: "pg_stats", columns: `
			schemaname name, tablename name, attname name, inherited bool, null_frac float4, avg_width int4,
			n_distinct float4, most_common_vals text, most_common_freqs float4[], histogram_bounds text, correlation float4,
			most_common_elems text, most_common_elem_freqs float4[], elem_count_histogram float4[]`},
		{oid: 12126, kind: 'v', schema: pgCatalog, name: "pg_timezone_names", columns: `
			name text, abbrev text, utc_offset interval, is_dst bool`},
		{oid: 12327, kind: 'v', schema: pgCatalog, name: "pg_user_mappings", columns: `
			umid oid, srvid oid, srvname name, umuser oid, usename name, umoptions text[]`},
	}
}
