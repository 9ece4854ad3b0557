// Package sqlstate is the error every layer hands to a user: an SQLSTATE, a sentence, and where there is one a
// position, a detail and a hint. It depends on nothing, so that every package can speak it.
//
// Messages are worded as PostgreSQL 15 words them; the codes are those of its manual, appendix A.
package sqlstate

import (
	"errors"
	"fmt"
	"strings"
)

// Code is a five-character SQLSTATE.
type Code string

// IsWarning tells whether a message with this code that is no error is a WARNING, not a NOTICE: those of class 01, and of class
// 25, about transactions that are not as a statement expects.
func (c Code) IsWarning() bool {
	return strings.HasPrefix(string(c), "01") || strings.HasPrefix(string(c), "25")
}

// Error is an error a user sees. Fields that are empty are not sent.
type Error struct {
	Code       Code
	Message    string
	Detail     string
	Hint       string
	Position   int // in characters of the statement text, from 1; 0 is none
	Where      string
	Schema     string
	Table      string
	Column     string
	Constraint string
}

// New makes an error of a code, with a message formatted as fmt.Sprintf does.
func New(code Code, format string, args ...any) *Error {
	message := format
	if len(args) > 0 {
		message = fmt.Sprintf(format, args...)
	}
	return &Error{Code: code, Message: message}
}

// Error is the message with its code, as logs show it.
func (e *Error) Error() string { return fmt.Sprintf("%s (SQLSTATE %s)", e.Message, string(e.Code)) }

// WithHint returns a copy with a hint.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = format
	if len(args) > 0 {
		c.Hint = fmt.Sprintf(format, args...)
	}
	return &c
}

// WithDetail returns a copy with a detail.
func (e *Error) WithDetail(format string, args ...any) *Error {
	c := *e
	c.Detail = format
	if len(args) > 0 {
		c.Detail = fmt.Sprintf(format, args...)
	}
	return &c
}

// At returns a copy that points at a position (characters, from 1) unless it points somewhere already.
func (e *Error) At(position int) *Error {
	if e.Position != 0 || position <= 0 {
		return e
	}
	c := *e
	c.Position = position
	return &c
}

// From is the *Error inside err, or an internal error (XX000) with err's text.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return New(InternalError, "%s", err.Error())
}
