namespace EdgeBench.Cli.Tests.ThreeDevices;

/// <summary>One shaped link at a time: the interfaces and addresses are this process's.</summary>
[CollectionDefinition(nameof(ShapedLink), DisableParallelization = true)]
public class LinkCollection;
