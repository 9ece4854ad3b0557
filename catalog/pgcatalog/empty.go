package pgcatalog

// emptyTables are tables of pg_catalog that hold nothing in Tarn: what they describe does not exist here.
func emptyTables() []relation {
	return []relation{
		{oid: 2602, kind: 'r', schema: pgCatalog, name: "pg_amop", columns: `
			oid oid!, amopfamily oid!, amoplefttype oid!, amoprighttype oid!, amopstrategy int2!, amoppurpose "char"!,
			amopopr oid!, amopmethod oid!, amopsortfamily oid!`},
		{oid: 2603, kind: 'r', schema: pgCatalog, name: "pg_amproc", columns: `
			oid oid!, amprocfamily oid!, amproclefttype oid!, amprocrighttype oid!, amprocnum int2!, amproc regproc!`},
		{oid: 1261, kind: 'r', schema: pgCatalog, name: "pg_auth_members", columns: `
			roleid oid!, member oid!, grantor oid!, admin_option bool!`},
		{oid: 2607, kind: 'r', schema: pgCatalog, name: "pg_conversion", columns: `
			oid oid!, conname name!, connamespace oid!, conowner oid!, conforencoding int4!, contoencoding int4!,
			conproc regproc!, condefault bool!`},
		{oid: 2964, kind: 'r', schema: pgCatalog, name: "pg_db_role_setting", columns: `
			setdatabase oid!, setrole oid!, setconfig text[]`},
		{oid: 826, kind: 'r', schema: pgCatalog, name: "pg_default_acl", columns: `
			oid oid!, defaclrole oid!, defaclnamespace oid!, defaclobjtype "char"!, defaclacl aclitem[]!`},
		{oid: 3501, kind: 'r', schema: pgCatalog, name: "pg_enum", columns: `
			oid oid!, enumtypid oid!, enumsortorder float4!, enumlabel name!`},
		{oid: 3466, kind: 'r', schema: pgCatalog, name: "pg_event_trigger", columns: `
			oid oid!, evtname name!, evtevent name!, evtowner oid!, evtfoid oid!, evtenabled "char"!, evttags text[]`},
		{oid: 3079, kind: 'r', schema: pgCatalog, name: "pg_extension", columns: `
			oid oid!, extname name!, extowner oid!, extnamespace oid!, extrelocatable bool!, extversion text!,
			extconfig oid[], extcondition text[]`},
		{oid: 2328, kind: 'r', schema: pgCatalog, name: "pg_foreign_data_wrapper", columns: `
			oid oid!, fdwname name!, fdwowner oid!, fdwhandler oid!, fdwvalidator oid!, fdwacl aclitem[], fdwoptions text[]`},
		{oid: 1417, kind: 'r', schema: pgCatalog, name: "pg_foreign_server", columns: `
			oid oid!, srvname name!, srvowner oid!, srvfdw oid!, srvtype text, srvversion text, srvacl aclitem[],
			srvoptions text[]`},
		{oid: 3118, kind: 'r', schema: pgCatalog, name: "pg_foreign_table", columns: `ftrelid oid!, ftserver oid!, ftoptions text[]`},
		{oid: 2611, kind: 'r', schema: pgCatalog, name: "pg_inherits", columns: `
			inhrelid oid!, inhparent oid!, inhseqno int4!, inhdetachpending bool!`},
		{oid: 3394, kind: 'r', schema: pgCatalog, name: "pg_init_privs", columns: `
			objoid oid!, classoid oid!, objsubid int4!, privtype "char"!, initprivs aclitem[]!`},
		{oid: 2613, kind: 'r', schema: pgCatalog, name: "pg_largeobject", columns: `loid oid!, pageno int4!, data bytea!`},
		{oid: 2995, kind: 'r', schema: pgCatalog, name: "pg_largeobject_metadata", columns: `
			oid oid!, lomowner oid!, lomacl aclitem[]`},
		{oid: 2753, kind: 'r', schema: pgCatalog, name: "pg_opfamily", columns: `
			oid oid!, opfmethod oid!, opfname name!, opfnamespace oid!, opfowner oid!`},
		{oid: 6243, kind: 'r', schema: pgCatalog, name: "pg_parameter_acl", columns: `oid oid!, parname text!, paracl aclitem[]`},
		{oid: 3350, kind: 'r', schema: pgCatalog, name: "pg_partitioned_table", columns: `
			partrelid oid!, partstrat "char"!, partnatts int2!, partdefid oid!, partattrs int2vector!, partclass oidvector!,
			partcollation oidvector!, partexprs pg_node_tree`},
		{oid: 3256, kind: 'r', schema: pgCatalog, name: "pg_policy", columns: `
			oid oid!, polname name!, polrelid oid!, polcmd "char"!, polpermissive bool!, polroles oid[]!,
			polqual pg_node_tree, polwithcheck pg_node_tree`},
		{oid: 6104, kind: 'r', schema: pgCatalog, name: "pg_publication", columns: `
			oid oid!, pubname name!, pubowner oid!, puballtables bool!, pubinsert bool!, pubupdate bool!, pubdelete bool!,
			pubtruncate bool!, pubviaroot bool!`},
		{oid: 6237, kind: 'r', schema: pgCatalog, name: "pg_publication_namespace", columns: `oid oid!, pnpubid oid!, pnnspid oid!`},
		{oid: 6106, kind: 'r', schema: pgCatalog, name: "pg_publication_rel", columns: `
			oid oid!, prpubid oid!, prrelid oid!, prqual pg_node_tree, prattrs int2vector`},
		{oid: 3541, kind: 'r', schema: pgCatalog, name: "pg_range", columns: `
			rngtypid oid!, rngsubtype oid!, rngmultitypid oid!, rngcollation oid!, rngsubopc oid!, rngcanonical regproc!,
			rngsubdiff regproc!`},
		{oid: 6000, kind: 'r', schema: pgCatalog, name: "pg_replication_origin", columns: `roident oid!, roname text!`},
		{oid: 3596, kind: 'r', schema: pgCatalog, name: "pg_seclabel", columns: `
			objoid oid!, classoid oid!, objsubid int4!, provider text!, label text!`},
		{oid: 2224, kind: 'r', schema: pgCatalog, name: "pg_sequence", columns: `
			seqrelid oid!, seqtypid oid!, seqstart int8!, seqincrement int8!, seqmax int8!, seqmin int8!, seqcache int8!,
			seqcycle bool!`},
		{oid: 1214, kind: 'r', schema: pgCatalog, name: "pg_shdepend", columns: `
			dbid oid!, classid oid!, objid oid!, objsubid int4!, refclassid oid!, refobjid oid!, deptype "char"!`},
		{oid: 2396, kind: 'r', schema: pgCatalog, name: "pg_shdescription", columns: `objoid oid!, classoid oid!, description text!`},
		{oid: 3592, kind: 'r', schema: pgCatalog, name: "pg_shseclabel", columns: `
			objoid oid!, classoid oid!, provider text!, label text!`},
		{oid: 3381, kind: 'r', schema: pgCatalog, name: "pg_statistic_ext", columns: `
			oid oid!, stxrelid oid!, stxname name!, stxnamespace oid!, stxowner oid!, stxstattarget int4!,
			stxkeys int2vector!, stxkind "char"[]!, stxexprs pg_node_tree`},
		{oid: 6100, kind: 'r', schema: pgCatalog, name: "pg_subscription", columns: `
			oid oid!, subdbid oid!, subskiplsn text!, subname name!, subowner oid!, subenabled bool!, subbinary bool!,
			substream bool!, subtwophasestate "char"!, subdisableonerr bool!, subconninfo text!, subslotname name,
			subsynccommit text!, subpublications text[]!`},
		{oid: 6102, kind: 'r', schema: pgCatalog, name: "pg_subscription_rel", columns: `
			srsubid oid!, srrelid oid!, srsubstate "char"!, srsublsn text`},
		{oid: 3576, kind: 'r', schema: pgCatalog, name: "pg_transform", columns: `
			oid oid!, trftype oid!, trflang oid!, trffromsql regproc!, trftosql regproc!`},
		{oid: 2620, kind: 'r', schema: pgCatalog, name: "pg_trigger", columns: `
			oid oid!, tgrelid oid!, tgparentid oid!, tgname name!, tgfoid oid!, tgtype int2!, tgenabled "char"!,
			tgisinternal bool!, tgconstrrelid oid!, tgconstrindid oid!, tgconstraint oid!, tgdeferrable bool!,
			tginitdeferred bool!, tgnargs int2!, tgattr int2vector!, tgargs bytea!, tgqual pg_node_tree, tgoldtable name,
			tgnewtable name`},
		{oid: 3602, kind: 'r', schema: pgCatalog, name: "pg_ts_config", columns: `
			oid oid!, cfgname name!, cfgnamespace oid!, cfgowner oid!, cfgparser oid!`},
		{oid: 3603, kind: 'r', schema: pgCatalog, name: "pg_ts_config_map", columns: `
			mapcfg oid!, maptokentype int4!, mapseqno int4!, mapdict oid!`},
		{oid: 3600, kind: 'r', schema: pgCatalog, name: "pg_ts_dict", columns: `
			oid oid!, dictname name!, dictnamespace oid!, dictowner oid!, dicttemplate oid!, dictinitoption text`},
		{oid: 3601, kind: 'r', schema: pgCatalog, name: "pg_ts_parser", columns: `
			oid oid!, prsname name!, prsnamespace oid!, prsstart regproc!, prstoken regproc!, prsend regproc!,
			prsheadline regproc!, prslextype regproc!`},
		{oid: 3764, kind: 'r', schema: pgCatalog, name: "pg_ts_template", columns: `
			oid oid!, tmplname name!, tmplnamespace oid!, tmplinit regproc!, tmpllexize regproc!`},
		{oid: 1418, kind: 'r', schema: pgCatalog, name: "pg_user_mapping", columns: `
			oid oid!, umuser oid!, umserver oid!, umoptions text[]`},
	}
}
