using System.Text;
using EdgeBench.Core.Problems;
using EdgeBench.Testing;

namespace EdgeBench.Models.Tests.Hostile;

/// <summary>Every shape is refused with a message that names offender, expectation and remedy, and without a large allocation.</summary>
public class HostileShapeTests
{
    private const long AllocationLimit = 256_000_000;

    public static TheoryData<string, string> Names
    {
        get
        {
            TheoryData<string, string> names = [];
            foreach (HostileShape shape in HostileShapes.All) names.Add(shape.Format, shape.Name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_shape_is_refused_by_name(string format, string name)
    {
        HostileShape shape = HostileShapes.All.Single(one => one.Format == format && one.Name == name);
        using TemporaryFolder folder = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        EdgeBenchException error = HostileShapes.Refusal(shape, folder.Path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimit);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Problem problem = Assert.Single(error.Problems);
        Assert.NotNull(problem.File);
        Assert.NotEmpty(problem.Expected);
        Assert.NotNull(problem.Remedy);
        foreach (string word in shape.Words) Assert.Contains(word, error.Message);
    }

    [Fact]
    public void The_table_of_shapes_and_messages_is_as_approved()
    {
        StringBuilder table = new("# Hostile shapes and what a user reads\n\nWritten by the tests; paths are shortened.\n\n| format | shape | message |\n|---|---|---|\n");
        foreach (HostileShape shape in HostileShapes.All)
        {
            using TemporaryFolder folder = new();
            string message = HostileShapes.Refusal(shape, folder.Path).Message.Replace(folder.Path + "/", "", StringComparison.Ordinal).Replace(folder.Path, "…", StringComparison.Ordinal);
            table.Append($"| {shape.Format} | {shape.Name} | {message.Replace("|", "\\|")} |\n");
        }
        Snapshot.Matches("hostile-shapes.approved.md", table.ToString());
    }
}
