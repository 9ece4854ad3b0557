// Package tidb runs the TiDB parser on texts of package bridge.
//
// It owns what that parser needs from its surroundings: the SQL mode that makes its lexer read quoted names and nothing
// else, the driver that makes literals, a pool of parsers (one is 17 kB and not safe to share), and a recover at the
// border. Beside package decode it is the only importer of the parser.
package tidb

import (
	"fmt"
	"slices"
	"sync"

	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"

	"tarn/sql/sqlstate"
)

// keep is the longest text after which a parser goes back to the pool: it holds on to its stack and its source.
const keep = 64 << 10

const mode = mysql.ModeANSIQuotes | mysql.ModePipesAsConcat | mysql.ModeNoBackslashEscapes | mysql.ModeIgnoreSpace

var (
	once sync.Once
	pool = sync.Pool{New: func() any {
		p := parser.New()
		p.SetSQLMode(mode)
		return p
	}}
)

// Parse parses a bridged text of so many statements. The trees are the caller's. A rejection is a defect of the bridge
// and not of the user's text; it comes as an internal error that shows the bridged text.
func Parse(text string, statements int) (trees []ast.StmtNode, err error) {
	once.Do(install)
	p := pool.Get().(*parser.Parser)
	defer func() {
		if r := recover(); r != nil {
			trees, err = nil, broken(text, fmt.Errorf("panic: %v", r))
			return
		}
		if len(text) <= keep {
			// Its stack still holds nodes of these trees, and the next parse would set their positions again, while others read.
			p.Reset()
			p.SetSQLMode(mode)
			pool.Put(p)
		}
	}()
	result, _, err := p.ParseSQL(text)
	if err != nil {
		return nil, broken(text, err)
	}
	if len(result) != statements {
		return nil, broken(text, fmt.Errorf("%d statements instead of %d", len(result), statements))
	}
	return slices.Clone(result), nil // the parser uses its slice again
}

func broken(text string, err error) error {
	return sqlstate.New(sqlstate.InternalError, "the bridged statement was not understood: %s", err).
		WithDetail("Bridged text: %.1000s", text)
}
