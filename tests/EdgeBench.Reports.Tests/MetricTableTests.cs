using EdgeBench.Core.Metrics;
using EdgeBench.Reports.Model;

namespace EdgeBench.Reports.Tests;

public class MetricTableTests
{
    [Fact]
    public void Every_figure_has_a_table() => Assert.Empty(
        MetricRegistry.All.Where(metric => metric.Direction != Direction.Neutral).Except(MetricTable.All.SelectMany(table => table.Metrics)).Select(metric => metric.Name));
}
