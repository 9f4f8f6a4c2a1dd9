// Package counting counts the bytes that a writer took, for the WriteTo methods that write through
// a buffer.
package counting

import "io"

// A Writer passes on to W what is written to it.
type Writer struct {
	W io.Writer // where the bytes go
	N int64     // bytes that W took
}

// Write writes p to W. It returns the number of bytes that W took, and W's error.
func (c *Writer) Write(p []byte) (int, error) {
	n, err := c.W.Write(p)
	c.N += int64(n)
	return n, err
}
