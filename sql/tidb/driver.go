package tidb

import (
	"fmt"
	"io"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/format"
)

// Value is TRUE, FALSE or NULL: the only literals the bridge writes.
type Value struct {
	ast.TexprNode
	value any
}

// Marker is a `?`. Offset is its place in the text.
type Marker struct {
	Value
	Offset int
}

var (
	_ ast.ValueExpr       = (*Value)(nil)
	_ ast.ParamMarkerExpr = (*Marker)(nil)
)

// install sets the constructors that TiDB's parser leaves to a driver. They are variables of package ast; as Parse
// installs them when it is first called, they replace those of a driver that some import brought along.
func install() {
	ast.NewValueExpr = func(value any, _, _ string) ast.ValueExpr { return &Value{value: value} }
	ast.NewParamMarkerExpr = func(offset int) ast.ParamMarkerExpr { return &Marker{Offset: offset} }
	refuse := func(text string) (any, error) { return nil, fmt.Errorf("literal %q in a bridged text", text) }
	ast.NewDecimal, ast.NewHexLiteral, ast.NewBitLiteral = refuse, refuse, refuse
}

// IsNull says that the value is NULL.
func (v *Value) IsNull() bool { return v.value == nil }

// IsTrue says that the value is TRUE.
func (v *Value) IsTrue() bool { b, ok := v.value.(bool); return ok && b }

// SetValue is part of ast.ValueExpr.
func (v *Value) SetValue(value any) { v.value = value }

// GetValue is part of ast.ValueExpr.
func (v *Value) GetValue() any { return v.value }

// GetDatumString is part of ast.ValueExpr.
func (v *Value) GetDatumString() string { return v.GetString() }

// GetString is part of ast.ValueExpr. The parser asks for the separator of GROUP_CONCAT with it.
func (v *Value) GetString() string { s, _ := v.value.(string); return s }

// GetProjectionOffset is part of ast.ValueExpr.
func (v *Value) GetProjectionOffset() int { return -1 }

// SetProjectionOffset is part of ast.ValueExpr.
func (v *Value) SetProjectionOffset(int) {}

// Restore is part of ast.Node.
func (v *Value) Restore(ctx *format.RestoreCtx) error {
	ctx.WritePlain(fmt.Sprint(v.value))
	return nil
}

// Format is part of ast.ExprNode.
func (v *Value) Format(w io.Writer) { _, _ = fmt.Fprint(w, v.value) }

// Accept is part of ast.Node.
func (v *Value) Accept(visitor ast.Visitor) (ast.Node, bool) {
	n, _ := visitor.Enter(v)
	return visitor.Leave(n)
}

// SetOrder is part of ast.ParamMarkerExpr.
func (m *Marker) SetOrder(int) {}

// Restore is part of ast.Node.
func (m *Marker) Restore(ctx *format.RestoreCtx) error {
	ctx.WritePlain("?")
	return nil
}

// Format is part of ast.ExprNode.
func (m *Marker) Format(w io.Writer) { _, _ = io.WriteString(w, "?") }

// Accept is part of ast.Node.
func (m *Marker) Accept(visitor ast.Visitor) (ast.Node, bool) {
	n, _ := visitor.Enter(m)
	return visitor.Leave(n)
}
