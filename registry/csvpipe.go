package registry

import "runtime"

// A batchSource reads batches of records, each valid until the next one is
// asked for. If there is a second processor a goroutine reads ahead on it, and
// checks records when it is ahead, which the caller does if it is not: so both
// have as much to do. What comes out is the same.
type batchSource struct {
	reader *recordReader
	width  int
	check  func(*recordBatch) // does nothing the second time
	last   *recordBatch

	full, empty chan *recordBatch // nil if nothing is read ahead
	panicked    any               // what the goroutine ended with before it closed full
}

// readAhead is the number of batches on their way.
const readAhead = 4

func newBatchSource(r *recordReader, width int, check func(*recordBatch)) *batchSource {
	s := &batchSource{reader: r, width: width, check: check, last: new(recordBatch)}
	if runtime.GOMAXPROCS(0) > 1 {
		// There is room for all batches, so that no send waits.
		s.full, s.empty = make(chan *recordBatch, readAhead), make(chan *recordBatch, readAhead)
		for range readAhead - 1 {
			s.empty <- new(recordBatch)
		}
		go s.run()
	}
	return s
}

// run reads batches until the text or stop ends it.
func (s *batchSource) run() {
	defer close(s.full)
	defer func() { s.panicked = recover() }()
	for b := range s.empty {
		s.reader.fill(b, s.width)
		if len(s.full) > 0 { // otherwise the caller waits for this one
			s.check(b)
		}
		s.full <- b
		if b.ended() {
			return
		}
	}
}

// next returns the next batch. After one that has ended there is none.
func (s *batchSource) next() *recordBatch {
	if s.full == nil {
		s.reader.fill(s.last, s.width)
		return s.last
	}
	s.empty <- s.last
	b, ok := <-s.full
	switch {
	case !ok && s.panicked != nil:
		panic(s.panicked) // the caller's reader did
	case !ok:
		runtime.Goexit() // as the caller's reader did
	}
	s.last = b
	return b
}

// stop waits for the goroutine to end: at most until the caller's reader returns.
func (s *batchSource) stop() {
	if s.full == nil {
		return
	}
	close(s.empty)
	for range s.full {
	}
}
