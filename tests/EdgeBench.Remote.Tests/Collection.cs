namespace EdgeBench.Remote.Tests;

/// <summary>One sshd for all of these tests, one test at a time: they look at processes and name agent packages in the environment.</summary>
[CollectionDefinition(nameof(Collection), DisableParallelization = true)]
public class Collection : ICollectionFixture<LoopbackSshd>;
