namespace EdgeBench.Running.Configuration.Yaml;

/// <summary>Where something was written: a file with 1-based line and column, or the text of a <c>--set</c>, which has neither.</summary>
internal readonly record struct Place(string Source, int? Line, int? Column);
