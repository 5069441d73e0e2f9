using System.ComponentModel;
using System.Reflection;
using EdgeBench.Core.Backends;
using EdgeBench.Core.Problems;

namespace EdgeBench.Backends.Tests;

public class BackendRegistryTests
{
    [Fact]
    public void Every_backend_of_the_assembly_is_registered_once()
    {
        IEnumerable<Type> types = typeof(BackendRegistry).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IBackend)) && !type.IsAbstract);
        Assert.Equal(types.Select(type => type.Name).Order(), BackendRegistry.All.Select(backend => backend.GetType().Name).Order());
        Assert.Distinct(BackendRegistry.All.Select(backend => backend.Name));
    }

    [Fact]
    public void Every_option_has_a_default_and_a_description()
    {
        foreach (IBackend backend in BackendRegistry.All)
        {
            Assert.NotNull(Activator.CreateInstance(backend.OptionsType));
            Assert.All(backend.OptionsType.GetProperties(), property => Assert.NotNull(property.GetCustomAttribute<DescriptionAttribute>()));
        }
    }

    [Fact]
    public void An_unknown_name_is_told_the_nearest()
    {
        EdgeBenchException exception = Assert.Throws<EdgeBenchException>(() => BackendRegistry.Find("lamacpp"));
        Assert.Equal(ExitCode.BadInput, exception.ExitCode);
        Assert.Contains("Did you mean 'llamacpp'?", exception.Message);
    }
}
