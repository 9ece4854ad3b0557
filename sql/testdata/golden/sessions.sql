BEGIN; BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY, NOT DEFERRABLE; START TRANSACTION READ WRITE
----
(Begin)
(Begin modes:(TransactionModes isolation:"repeatable read" readonly:true deferrable:false))
(Begin start modes:(TransactionModes readonly:false))

COMMIT; END WORK; COMMIT AND CHAIN; ROLLBACK; ABORT; ROLLBACK TRANSACTION AND NO CHAIN
----
(Commit)
(Commit)
(Commit chain)
(Rollback)
(Rollback)
(Rollback)

SAVEPOINT a; ROLLBACK TO SAVEPOINT a; ROLLBACK TO a; RELEASE a
----
(Savepoint name:"a")
(RollbackTo name:"a")
(RollbackTo name:"a")
(Release name:"a")

SET a = 1; SET a TO 'x', y; SET LOCAL s.a = -1.5; SET SESSION a TO DEFAULT; SET a = on
----
(Set name:"a" values:[(Value text:"1" word)])
(Set name:"a" values:[(Value text:"x") (Value text:"y" word)])
(Set name:"s.a" values:[(Value text:"-1.5" word)] local)
(Set name:"a" default)
(Set name:"a" values:[(Value text:"on" word)])

SET TIME ZONE 'UTC'; SET TIME ZONE DEFAULT; SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE; SET NAMES 'utf8'; SET ROLE x; SET SESSION AUTHORIZATION DEFAULT
----
(Set name:"timezone" values:[(Value text:"UTC")])
(Set name:"timezone" default)
(Set name:"timezone" values:[(Value text:"INTERVAL '+00:00'")])
(Set name:"client_encoding" values:[(Value text:"utf8")])
(Set name:"role" values:[(Value text:"x" word)])
(Set name:"session_authorization" default)

SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET CONSTRAINTS ALL DEFERRED
----
(SetTransaction modes:(TransactionModes isolation:"serializable"))
(SetTransaction session modes:(TransactionModes readonly:true))
(SetConstraints deferred)

SHOW a; SHOW ALL; SHOW TIME ZONE; SHOW TRANSACTION ISOLATION LEVEL; SHOW s.a; SHOW tables; SHOW COLUMNS FROM t
----
(Show name:"a")
(Show name:"all")
(Show name:"timezone")
(Show name:"transaction_isolation")
(Show name:"s.a")
(Show name:"tables")
(Show name:"columns" rest:"FROM t")

RESET a; RESET ALL; DISCARD ALL; DISCARD TEMP
----
(Reset name:"a")
(Reset)
(Discard what:"ALL")
(Discard what:"TEMP")

LISTEN c; NOTIFY c, 'x'; UNLISTEN *; LOCK TABLE a, b IN SHARE ROW EXCLUSIVE MODE NOWAIT
----
(Listen channel:"c")
(Notify channel:"c" payload:"x")
(Unlisten channel:"*")
(Lock tables:[(Name@49 name:"a") (Name@52 name:"b")] mode:"SHARE ROW EXCLUSIVE" nowait)

GRANT SELECT ON t TO x; REVOKE ALL ON t FROM x
----
(Grant)
(Grant revoke)

PREPARE TRANSACTION 'x'
----
(Unsupported@1 verb:"PREPARE TRANSACTION")
