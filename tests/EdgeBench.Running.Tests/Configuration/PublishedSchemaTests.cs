using EdgeBench.Running.Configuration;
using EdgeBench.Running.Execution;
using EdgeBench.Testing;

namespace EdgeBench.Running.Tests.Configuration;

public class PublishedSchemaTests
{
    [Fact]
    public void The_published_schema_is_the_one_that_the_types_give() => Assert.Equal(
        BenchSchema.Generate(HarnessVocabulary.Instance),
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "suites", "bench.schema.json")));

    public static TheoryData<string> Benches =>
        [.. Directory.EnumerateFiles(RepositoryFiles.Root, "bench.yaml", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })];

    [Theory]
    [MemberData(nameof(Benches))]
    public void Every_bench_in_the_repository_parses(string path) => Assert.NotEmpty(BenchFile.Load(path, [], HarnessVocabulary.Instance).Configuration.Workloads);
}
