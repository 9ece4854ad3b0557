package delta

import "tarn/sql/sqlstate"

// Errors are the failures of single rows of a column: an expression that fails for a row gives that row an error in
// place of a value. Rows without an error have a nil entry.
type Errors struct {
	ByRow []*sqlstate.Error // one entry a row; rows behind the last entry have not failed
}

// NewErrors returns room for n rows, none of them failed.
func NewErrors(n int) *Errors { return &Errors{ByRow: make([]*sqlstate.Error, n)} }

// Err is the error of row i, or nil. A nil receiver has none.
func (e *Errors) Err(i int) *sqlstate.Error {
	if e == nil || i >= len(e.ByRow) {
		return nil
	}
	return e.ByRow[i]
}

func (e *Errors) slice(lo, hi int) *Errors {
	lo, hi = min(lo, len(e.ByRow)), min(hi, len(e.ByRow))
	return &Errors{ByRow: e.ByRow[lo:hi:hi]}
}

// Fail marks row i of c as failed; an earlier error of the row stays.
func (c *Column) Fail(i int, err *sqlstate.Error) {
	if c.Errs == nil {
		c.Errs = NewErrors(c.n)
	}
	for len(c.Errs.ByRow) < c.n {
		c.Errs.ByRow = append(c.Errs.ByRow, nil)
	}
	if c.Errs.ByRow[i] == nil {
		c.Errs.ByRow[i] = err
	}
}
