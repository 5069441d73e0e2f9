using System.ComponentModel;
using System.Reflection;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Workloads;

namespace EdgeBench.Suites.Tests;

public class WorkloadRegistryTests
{
    [Fact]
    public void Every_workload_of_the_assembly_is_registered_once()
    {
        IEnumerable<Type> types = typeof(WorkloadRegistry).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IWorkload)) && !type.IsAbstract);
        Assert.Equal(types.Select(type => type.Name).Order(), WorkloadRegistry.All.Select(workload => workload.GetType().Name).Order());
        Assert.Distinct(WorkloadRegistry.All.Select(workload => workload.Name));
    }

    [Fact]
    public void Every_parameter_has_a_default_and_a_description()
    {
        foreach (IWorkload workload in WorkloadRegistry.All)
        {
            Assert.NotNull(Activator.CreateInstance(workload.ParametersType));
            Assert.All(workload.ParametersType.GetProperties(), property => Assert.NotNull(property.GetCustomAttribute<DescriptionAttribute>()));
        }
    }

    [Fact]
    public void An_unknown_name_is_told_the_nearest()
    {
        EdgeBenchException exception = Assert.Throws<EdgeBenchException>(() => WorkloadRegistry.Find("perplexty"));
        Assert.Equal(ExitCode.BadInput, exception.ExitCode);
        Assert.Contains("'perplexty'", exception.Message);
        Assert.Contains("Did you mean 'perplexity'?", exception.Message);
    }
}
