package sqllogictest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a program that believes a person sits before it.
type terminal struct {
	t    *testing.T
	keys *os.File // what is written here was typed; what is read from here is shown
	seen bytes.Buffer
}

// openTerminal starts a program on a terminal of its own; it ends with the test.
func openTerminal(t *testing.T, cmd *exec.Cmd) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here (%v): completion is not tested", err)
	}
	t.Cleanup(func() { keys.Close() })
	if err := unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(keys.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 50, Col: 200}); err != nil {
		t.Fatal(err)
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	// An interrupt must not throw away what the program may have shown already.
	modes, err := unix.IoctlGetTermios(int(screen.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	modes.Lflag |= unix.NOFLSH
	if err := unix.IoctlSetTermios(int(screen.Fd()), unix.TCSETS, modes); err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	// Fd has made the file a blocking one; a fresh one can be read with a deadline.
	fd, err := syscall.Dup(int(keys.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	reader := os.NewFile(uintptr(fd), "terminal")
	t.Cleanup(func() { reader.Close() })
	return &terminal{t: t, keys: reader}
}

// press types keys.
func (c *terminal) press(keys string) {
	c.t.Helper()
	if _, err := c.keys.WriteString(keys); err != nil {
		c.t.Fatal(err)
	}
}

// wait reads until the terminal has shown a text since the last wait, and returns all it has shown since then up to its end.
func (c *terminal) wait(text string) string {
	c.t.Helper()
	if err := c.keys.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		c.t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for {
		if at := strings.Index(c.seen.String(), text); at >= 0 {
			return string(c.seen.Next(at + len(text)))
		}
		n, err := c.keys.Read(buf)
		c.seen.Write(buf[:n])
		if err != nil {
			c.t.Fatalf("waiting for %q: %v; shown is\n%q", text, err, c.seen.String())
		}
	}
}

// Completion asks pg_catalog while a person types. Each line is typed up to the bar, then the tabulator is pressed.
func TestPsqlCompletion(t *testing.T) {
	db := database(t, Mode{Server: true})
	setup := psqlOf(t, db, "-q", "-v", "ON_ERROR_STOP=1", "-c", `CREATE TABLE airports (iata text PRIMARY KEY, state text, latitude float8);
		CREATE STREAM flights (at timestamptz, origin text, delay int);
		CREATE VIEW lateness AS SELECT * FROM flights WHERE delay > 0;
		CREATE MATERIALIZED VIEW delays AS SELECT origin, avg(delay) AS avg_delay FROM flights GROUP BY origin;
		CREATE SCHEMA warehouse; CREATE TABLE warehouse.boxes (k int)`)
	if out, err := setup.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := openTerminal(t, psqlOf(t, db))
	const prompt = "tarn=# "
	c.wait(prompt)
	for _, line := range []string{
		"SEL|ECT ",
		"CREATE MAT|ERIALIZED VIEW ",
		"SELECT * FROM air|ports ",
		"SELECT * FROM fli|ghts ",
		"SELECT * FROM lat|eness ",
		"SELECT * FROM del|ays ",
		"SELECT * FROM ware|house.",
		"SELECT * FROM warehouse.b|oxes ",
		"SELECT * FROM pg_catalog.pg_cla|ss ",
		"SELECT * FROM airports WHERE lat|itude ",
		"SELECT * FROM delays ORDER BY avg|_delay ",
		"SELECT * FROM airports NATURAL JOIN fli|ghts ",
		"INSERT INTO air|ports ",
		"INSERT INTO airports (st|ate",
		"UPDATE air|ports ",
		"UPDATE airports SET st|ate ",
		"DELETE FROM air|ports ",
		"TRUNCATE air|ports ",
		"COPY air|ports ",
		"DROP TABLE air|ports ",
		"DROP VIEW lat|eness ",
		"DROP MATERIALIZED VIEW del|ays ",
		"DROP SCHEMA ware|house ",
		"REFRESH MATERIALIZED VIEW del|ays ",
		"CREATE VIEW v AS SEL|ECT ",
		"EXPLAIN SELECT * FROM del|ays ",
		"SET TimeZ|one ",
		"SHOW statement_t|imeout ",
		"SET search_path TO ware|house ",
		`\d del|ays `,
		`\dt air|ports `,
		`\dv lat|eness `,
		`\dm del|ays `,
		`\dn ware|house `,
		`\df regexp_repl|ace `,
		`\sv lat|eness `,
		`\copy air|ports `,
		`\l ta|rn `,
	} {
		typed, rest, _ := strings.Cut(line, "|")
		c.press(typed)
		c.wait(typed)
		c.press("\t")
		c.wait(rest)
		c.press("\x03") // a new line, without what was typed
		c.wait(prompt)
	}
	// Where there are several, pressing it twice lists them.
	c.press("DROP MATERIALIZED VIEW \t\tx")
	c.wait("x")
	c.press("\x03")
	c.wait(prompt)
	c.press("SELECT * FROM l\x7ff")
	c.press("li\t;\r")
	if shown := c.wait("(0 rows)"); !strings.Contains(shown, "at | origin | delay") {
		t.Errorf("shown was %q", shown)
	}
	c.press("\\q\r")
}
