package pgcatalog

import (
	"math"
	"sort"

	"tarn/catalog"
)

// sortedSessions are the sessions by their numbers.
func (s *Source) sortedSessions() []Session {
	out := append([]Session(nil), s.sessions()...)
	sort.Slice(out, func(i, j int) bool { return out[i].PID < out[j].PID })
	return out
}

func pgStatActivity() relation {
	return relation{oid: 12222, kind: 'v', schema: pgCatalog, name: "pg_stat_activity",
		columns: `
			datid oid, datname name, pid int4, leader_pid int4 = null, usesysid oid, usename name, application_name text,
			client_addr text = null, client_hostname text = null, client_port int4 = null, backend_start timestamptz,
			xact_start timestamptz = null, query_start timestamptz, state_change timestamptz = null, wait_event_type text = null,
			wait_event text = null, state text, backend_xid xid = null, backend_xmin xid = null, query_id int8 = null, query text,
			backend_type text = client backend`,
		live: func(src *Source, out *rows) {
			for _, s := range src.sortedSessions() {
				var queried any
				if s.QueryStarted != 0 {
					queried = s.QueryStarted
				}
				out.add(nameOID(s.Database), s.Database, s.PID, roleOID(s.User), s.User, s.Application, s.Started, queried, s.State, s.Query)
			}
		},
	}
}

func pgStatSSL() relation {
	return relation{oid: 12249, kind: 'v', schema: pgCatalog, name: "pg_stat_ssl",
		columns: `
			pid int4, ssl bool = f, version text = null, cipher text = null, bits int4 = null, client_dn text = null,
			client_serial numeric = null, issuer_dn text = null`,
		live: func(src *Source, out *rows) {
			for _, s := range src.sortedSessions() {
				out.add(s.PID)
			}
		},
	}
}

func pgStatGssapi() relation {
	return relation{oid: 12253, kind: 'v', schema: pgCatalog, name: "pg_stat_gssapi",
		columns: `pid int4, gss_authenticated bool = f, principal text = null, encrypted bool = f`,
		live: func(src *Source, out *rows) {
			for _, s := range src.sortedSessions() {
				out.add(s.PID)
			}
		},
	}
}

func pgStatDatabase() relation {
	return relation{oid: 12266, kind: 'v', schema: pgCatalog, name: "pg_stat_database",
		columns: `
			datid oid, datname name, numbackends int4, xact_commit int8 = null, xact_rollback int8 = null, blks_read int8 = null,
			blks_hit int8 = null, tup_returned int8 = null, tup_fetched int8 = null, tup_inserted int8 = null, tup_updated int8 = null,
			tup_deleted int8 = null, conflicts int8 = 0, temp_files int8 = null, temp_bytes int8 = null, deadlocks int8 = 0,
			checksum_failures int8 = null, checksum_last_failure timestamptz = null, blk_read_time float8 = null,
			blk_write_time float8 = null, session_time float8 = null, active_time float8 = null,
			idle_in_transaction_time float8 = null, sessions int8 = null, sessions_abandoned int8 = null, sessions_fatal int8 = null,
			sessions_killed int8 = null, stats_reset timestamptz`,
		live: func(src *Source, out *rows) {
			sessions := map[string]int{}
			for _, s := range src.sessions() {
				sessions[s.Database]++
			}
			for _, name := range src.databases() {
				out.add(nameOID(name), name, sessions[name], src.Started)
			}
		},
	}
}

// tableStatistics is the columns of pg_stat_all_tables and its like. What Tarn does not count is NULL.
const tableStatistics = `
	relid oid, schemaname name, relname name, seq_scan int8 = null, seq_tup_read int8 = null, idx_scan int8 = null,
	idx_tup_fetch int8 = null, n_tup_ins int8 = null, n_tup_upd int8 = null, n_tup_del int8 = null, n_tup_hot_upd int8 = null,
	n_live_tup int8, n_dead_tup int8 = 0, n_mod_since_analyze int8 = 0, n_ins_since_vacuum int8 = 0,
	last_vacuum timestamptz = null, last_autovacuum timestamptz = null, last_analyze timestamptz = null,
	last_autoanalyze timestamptz = null, vacuum_count int8 = 0, autovacuum_count int8 = 0, analyze_count int8 = 0,
	autoanalyze_count int8 = 0`

func pgStatAllTables() relation {
	return relation{oid: 12142, kind: 'v', schema: pgCatalog, name: "pg_stat_all_tables", columns: tableStatistics, live: func(src *Source, out *rows) {
		systemTables(src, out)
		userTables(src, out)
	}}
}

func pgStatSysTables() relation {
	return relation{oid: 12152, kind: 'v', schema: pgCatalog, name: "pg_stat_sys_tables", columns: tableStatistics, live: systemTables}
}

func pgStatUserTables() relation {
	return relation{oid: 12161, kind: 'v', schema: pgCatalog, name: "pg_stat_user_tables", columns: tableStatistics, live: userTables}
}

func systemTables(_ *Source, out *rows) {
	for _, d := range definitions() {
		if d.kind == 'r' {
			out.add(d.oid, d.schema, d.name, nil)
		}
	}
}

func userTables(src *Source, out *rows) {
	for _, r := range src.storedRelations() {
		var live any
		if n := src.rowCount(r.ID); n >= 0 {
			live = int64(min(n, math.MaxInt64))
		}
		out.add(r.ID, r.Schema, r.Name, live)
	}
}

// storedRelations are the users' relations that hold rows.
func (s *Source) storedRelations() []*catalog.Relation {
	var out []*catalog.Relation
	for _, r := range s.Snapshot.Relations() {
		if r.Kind != catalog.View {
			out = append(out, r)
		}
	}
	return out
}

// indexStatistics is the columns of pg_stat_all_indexes and its like.
const indexStatistics = `
	relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan int8 = null, idx_tup_read int8 = null,
	idx_tup_fetch int8 = null`

func pgStatAllIndexes() relation {
	return relation{oid: 12183, kind: 'v', schema: pgCatalog, name: "pg_stat_all_indexes", columns: indexStatistics, live: indexRows}
}

func pgStatUserIndexes() relation {
	return relation{oid: 12192, kind: 'v', schema: pgCatalog, name: "pg_stat_user_indexes", columns: indexStatistics, live: indexRows}
}

func indexRows(src *Source, out *rows) {
	for _, r := range src.keyed() {
		out.add(r.ID, indexOIDs+r.ID, r.Schema, r.Name, keyName(r))
	}
}

// blockStatistics is the columns of pg_statio_all_tables and its like.
const blockStatistics = `
	relid oid, schemaname name, relname name, heap_blks_read int8 = null, heap_blks_hit int8 = null, idx_blks_read int8 = null,
	idx_blks_hit int8 = null, toast_blks_read int8 = null, toast_blks_hit int8 = null, tidx_blks_read int8 = null,
	tidx_blks_hit int8 = null`

func pgStatioAllTables() relation {
	return relation{oid: 12170, kind: 'v', schema: pgCatalog, name: "pg_statio_all_tables", columns: blockStatistics, live: blockRows}
}

func pgStatioUserTables() relation {
	return relation{oid: 12179, kind: 'v', schema: pgCatalog, name: "pg_statio_user_tables", columns: blockStatistics, live: blockRows}
}

func blockRows(src *Source, out *rows) {
	for _, r := range src.storedRelations() {
		out.add(r.ID, r.Schema, r.Name)
	}
}
