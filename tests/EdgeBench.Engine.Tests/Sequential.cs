using Xunit.Sdk;
using Xunit.v3;

// llama.cpp has one log and one set of loaded libraries for a process: sessions opened at once would read each other's lines. A trial opens one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
