package journal

import "fmt"

// A Fault is how a journal differs from what was written. The zero Fault is none.
type Fault uint8

// The faults. Their texts are stable.
const (
	Changed   Fault = iota + 1 // "changed": the line is not the one that was written
	Removed                    // "removed": the line that belongs here is not in the file
	Reordered                  // "reordered": the line that belongs here stands further down
	Repeated                   // "repeated": the line stands elsewhere, too, where it belongs
	Inserted                   // "inserted": the line is one of another journal, or of another version of this one
	Malformed                  // "malformed": the line is not spelled as any line of a journal, so it was changed or inserted
	Truncated                  // "truncated": the file ends too early
	Foreign                    // "foreign": the header or head is that of another journal, or of a suite that is not accepted
)

var faultTexts = [...]string{"none", "changed", "removed", "reordered", "repeated", "inserted", "malformed", "truncated", "foreign"}

// String returns the fault's text, such as "changed".
func (f Fault) String() string {
	if int(f) < len(faultTexts) {
		return faultTexts[f]
	}
	return fmt.Sprintf("Fault(%d)", uint8(f))
}

// A LineError says which line of a file is the first that is not as it was
// written. All lines before it are one unbroken chain.
type LineError struct {
	Line   int64  // counted from 1
	Offset int64  // of the line's first byte in the file: what is before it is sound
	Index  uint64 // of the record that belongs on the line; 0 for the header, too
	Fault  Fault  // what happened to it
	Text   string // what is wrong and what was expected
}

// Error returns one line such as
//
//	journal: line 4: removed: record 2 is not in the file, record 3 stands here
func (e *LineError) Error() string {
	return fmt.Sprintf("journal: line %d: %s: %s", e.Line, e.Fault, e.Text)
}

// A HeadError says that a journal is not the one of a head.
type HeadError struct {
	Head  Head   // the shortest of those given that the journal does not agree with
	Fault Fault  // Changed, Truncated or Foreign
	First uint64 // index of the first record that is in doubt: those before are as an earlier head says, or missing from First on if Truncated
	Text  string // what is wrong and what was expected
}

// Error returns one line such as
//
//	journal: head of 5 records: truncated: the journal has 4 records
func (e *HeadError) Error() string {
	return fmt.Sprintf("journal: head of %d records: %s: %s", e.Head.Size, e.Fault, e.Text)
}
