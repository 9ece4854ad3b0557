package sqllogictest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

const psqlScript = "testdata/psql.txt"

// psqlOf makes psql, connected to a database. It skips the test where there is no psql 15: others print other tables.
func psqlOf(t *testing.T, db Database, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed (Debian: postgresql-client): what it shows is not tested")
	}
	version, err := exec.Command(path, "--version").Output()
	if err != nil || !strings.Contains(string(version), "(PostgreSQL) 15.") {
		t.Skipf("psql 15 is needed, here is %q: what it shows is not tested", strings.TrimSpace(string(version)))
	}
	c, err := pgx.ParseConfig(db.(Socket).URL)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{"-X", "-h", c.Host, "-p", fmt.Sprint(c.Port), "-U", c.User, "-d", c.Database}, args...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "LC_ALL=C.UTF-8", "TZ=UTC", "PAGER=", "TERM=dumb", "PSQL_HISTORY=/dev/null", "PGSSLMODE=disable"}
	return cmd
}

// psqlBlock is one piece of the script.
type psqlBlock struct {
	own    bool // PostgreSQL has no such thing, or another
	input  string
	output string
}

// readPsqlScript splits the script: each block has a line or more of input, and after a line ---- what is printed.
func readPsqlScript(t *testing.T) (head string, blocks []psqlBlock) {
	t.Helper()
	text, err := os.ReadFile(psqlScript)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.SplitAfter(string(text), "\n") {
		first, same := strings.CutPrefix(line, "=== ")
		own := false
		if !same {
			first, own = strings.CutPrefix(line, "=!= ")
		}
		switch last := len(blocks) - 1; {
		case same || own:
			blocks = append(blocks, psqlBlock{own: own, input: first})
		case last < 0:
			head += line
		case line == "----\n" || blocks[last].output != "":
			blocks[last].output += line
		default:
			blocks[last].input += line
		}
	}
	for i := range blocks {
		blocks[i].output = strings.TrimPrefix(blocks[i].output, "----\n")
	}
	return head, blocks
}

// What is not the same from one run to the next.
var psqlVaries = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?m)^Time: .*$`), "Time: (some) ms"},
	{regexp.MustCompile(`psql:<stdin>:\d+: `), ""},
	{regexp.MustCompile(`(on host|via socket in|at port|\(address) "[^"]*"`), `$1 "(some)"`},
	{regexp.MustCompile(`(?m)^LOCATION: .*\n`), ""},
	{regexp.MustCompile(` *\d+ (bytes|kB) *\|`), " (some) |"},
	{regexp.MustCompile(`(?m)^SELECT 0$`), "CREATE MATERIALIZED VIEW"}, // the tag of an empty one in PostgreSQL
}

// runPsql has one psql run all blocks and returns what each of them prints.
func runPsql(t *testing.T, db Database, blocks []psqlBlock) []string {
	t.Helper()
	const mark = "next block of the script"
	var in strings.Builder
	for _, b := range blocks {
		in.WriteString(b.input)
		fmt.Fprintf(&in, "\\echo %s\n", mark)
	}
	cmd := psqlOf(t, db, "-f", "-")
	cmd.Stdin = strings.NewReader(in.String())
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out // one pipe, so that the order is that of a terminal
	if err := cmd.Run(); err != nil {
		t.Fatalf("psql: %v\n%s", err, out.String())
	}
	text := out.String()
	for _, v := range psqlVaries {
		text = v.pattern.ReplaceAllString(text, v.instead)
	}
	parts := strings.SplitAfter(text, mark+"\n")
	if len(parts) != len(blocks)+1 {
		t.Fatalf("psql ran %d of %d blocks:\n%s", len(parts)-1, len(blocks), text)
	}
	for i := range parts {
		parts[i] = strings.TrimSuffix(parts[i], mark+"\n")
		var lines []string
		for line := range strings.Lines(parts[i]) {
			lines = append(lines, strings.TrimRight(line, " \n")) // psql fills up columns
		}
		parts[i] = strings.TrimRight(strings.Join(lines, "\n"), "\n")
		if parts[i] != "" {
			parts[i] += "\n"
		}
	}
	return parts[:len(blocks)]
}

// psql's backslash commands print what they should, and what they print for PostgreSQL.
func TestPsql(t *testing.T) {
	head, blocks := readPsqlScript(t)
	t.Run("tarn", func(t *testing.T) {
		got := runPsql(t, database(t, Mode{Server: true}), blocks)
		if *update {
			text := head
			for i, b := range blocks {
				sign := "=== "
				if b.own {
					sign = "=!= "
				}
				text += sign + b.input
				if got[i] != "" {
					text += "----\n" + got[i]
				}
			}
			if err := os.WriteFile(psqlScript, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		comparePsql(t, blocks, got)
	})
	t.Run("postgres", func(t *testing.T) {
		db := postgresOf(t)
		c, err := db.Connect(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for _, text := range []string{"DROP DATABASE IF EXISTS tarn", "DROP ROLE IF EXISTS tarn", "CREATE ROLE tarn SUPERUSER CREATEROLE CREATEDB REPLICATION BYPASSRLS LOGIN", "CREATE DATABASE tarn OWNER tarn"} {
			if _, err := c.Run(context.Background(), text, nil); err != nil {
				t.Fatal(err)
			}
		}
		var same []psqlBlock
		for _, b := range blocks {
			if !b.own {
				same = append(same, b)
			}
		}
		comparePsql(t, same, runPsql(t, Socket{URL: strings.ReplaceAll(db.URL, "=postgres", "=tarn")}, same))
	})
}

func comparePsql(t *testing.T, blocks []psqlBlock, got []string) {
	t.Helper()
	for i, b := range blocks {
		if got[i] != b.output {
			t.Errorf("%sprints\n%sand should print\n%s", b.input, got[i], b.output)
		}
	}
}
