package functions

import (
	"strings"

	"tarn/sql/sqlstate"
	"tarn/sql/types"
)

// unsupportedFunctions are functions of PostgreSQL that are not there: a call says so, instead of that there is no such function.
// Functions of the server's inside are not among them.
var unsupportedFunctions = nameSet(`
	corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
	range_agg range_intersect_agg xmlagg percentile_cont percentile_disc mode
	row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value

	bit_count get_bit set_bit setseed to_ascii is_normalized convert
	nextval currval lastval setval pg_sequence_last_value pg_sequence_parameters
	enum_first enum_last enum_range

	json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset
	jsonb_populate_record jsonb_populate_recordset jsonb_to_record jsonb_to_recordset jsonb_set_lax
	jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_tz
	jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz

	area box center circle diagonal diameter height isclosed ishorizontal isopen isparallel isperp isvertical line lseg npoints
	pclose point polygon popen radius slope width
	abbrev broadcast family host hostmask masklen netmask network set_masklen macaddr8_set7bit
	inet_client_addr inet_client_port inet_server_addr inet_server_port
	int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange
	tstzmultirange datemultirange multirange isempty lower_inc lower_inf upper_inc upper_inf range_merge

	array_to_tsvector get_current_ts_config json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree
	setweight strip to_tsquery to_tsvector ts_debug ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank ts_rank_cd
	ts_rewrite ts_stat ts_token_type tsquery_phrase tsvector_to_array websearch_to_tsquery
	xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlexists xpath xpath_exists
	table_to_xml table_to_xmlschema query_to_xml query_to_xmlschema schema_to_xml database_to_xml cursor_to_xml

	lo_close lo_creat lo_create lo_export lo_from_bytea lo_get lo_import lo_lseek lo_open lo_put lo_tell lo_truncate lo_unlink
	loread lowrite current_query has_parameter_privilege row_security_active
	pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_shared pg_advisory_xact_lock
	pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
	pg_try_advisory_xact_lock_shared
	pg_cancel_backend pg_terminate_backend pg_notify pg_notification_queue_usage pg_reload_conf pg_sleep_for pg_sleep_until
	pg_current_xact_id pg_current_xact_id_if_assigned pg_current_snapshot pg_export_snapshot pg_visible_in_snapshot
	pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn
	pg_wal_lsn_diff pg_walfile_name pg_switch_wal pg_create_restore_point pg_backup_start pg_backup_stop pg_promote
	pg_create_logical_replication_slot pg_create_physical_replication_slot pg_drop_replication_slot
	pg_ls_dir pg_ls_logdir pg_ls_waldir pg_read_file pg_read_binary_file pg_stat_file pg_size_bytes pg_column_compression
	pg_collation_for pg_partition_root pg_partition_tree pg_timezone_names pg_timezone_abbrevs pg_trigger_depth pg_blocking_pids
	txid_current_snapshot txid_status txid_visible_in_snapshot to_regcollation to_regoper to_regoperator to_regprocedure`)

func nameSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// missing is the error for a call that nothing answers: 0A000 where PostgreSQL has a function of the name, 42883 otherwise.
func missing(name string, args []types.OID) error {
	if unsupportedFunctions[name] && len(load().byName[name]) == 0 && len(load().aggByName[name]) == 0 {
		return sqlstate.New(sqlstate.FeatureNotSupported, "function %s is not supported", signature(name, args))
	}
	return sqlstate.New(sqlstate.UndefinedFunction, "function %s does not exist", signature(name, args)).WithHint(
		"No function matches the given name and argument types. You might need to add explicit type casts.")
}
