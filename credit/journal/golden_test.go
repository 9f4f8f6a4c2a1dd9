package journal

// A file with its head and proofs, computed apart from this package from what its
// comment and the comments of the texts say.
const (
	goldenFile = `{"format":"doublerandom/journal/v1","suite":"sha256","origin":"inspections.example/2026"}
{"index":0,"previous":"b56c7d7ac639065bc33da4152b4877bd5f0c0202a9e12e4dc5da5bebab072b77","record":{"visit":"V1"},"hash":"64da5dcb95e75d9b931a820f1c98f8aa68e6c2b772389d8506a315203bf3e3ae"}
{"index":1,"previous":"64da5dcb95e75d9b931a820f1c98f8aa68e6c2b772389d8506a315203bf3e3ae","record":{ "名": ["é", -0.5e+7, null] },"hash":"128a04470261f8c9e75ef1c911ffe9bad3d80c0bde4beef05f3e6639d89e4762"}
`

	goldenHead = `doublerandom/journal-head/v1
origin inspections.example/2026
suite sha256
size 2
root 37a693ab075bd7c429cd2cb61fc52602692fe53fa1a96db35942689ab7fe505c
last 128a04470261f8c9e75ef1c911ffe9bad3d80c0bde4beef05f3e6639d89e4762
`

	goldenProof = `doublerandom/journal-proof/v1
index 1
size 2
previous 64da5dcb95e75d9b931a820f1c98f8aa68e6c2b772389d8506a315203bf3e3ae
path 17a72142572db49f304d40a6490ead59bc27151e7391784deff8dada38a2cd85
`

	goldenConsistency = `doublerandom/journal-consistency/v1
from 1
to 2
path 8864754cb068bb67ca05f00222750c49f82ab3e5b88b10859cb7537832afbf6b
`
)
