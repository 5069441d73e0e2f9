namespace EdgeBench.Core.Configuration;

/// <summary>Marks a <see cref="long"/> that counts bytes: <c>bench.yaml</c> takes <c>2GiB</c> for it as well as a plain number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ByteSizeAttribute : Attribute;
