// Package longtest lets tests that take long be left out of a plain go test.
//
// It is for tests only: no other code of the module may import it, since it
// reads the environment.
package longtest

import (
	"os"
	"testing"
)

// Variable is the environment variable that turns the long tests on.
const Variable = "DOUBLERANDOM_LONG"

// Skip skips the test unless the environment variable [Variable] is set and not
// empty. Call it first in a test that takes more than a few seconds.
func Skip(t testing.TB) {
	t.Helper()
	if !Enabled() {
		t.Skipf("a long test; set %s=1 to run it", Variable)
	}
}

// Enabled reports whether the long tests are on, for a test that does the same
// on less data when they are not.
func Enabled() bool { return os.Getenv(Variable) != "" }
