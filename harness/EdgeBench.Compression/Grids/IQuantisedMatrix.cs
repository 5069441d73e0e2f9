namespace EdgeBench.Compression.Grids;

/// <summary>A weight matrix [rows, columns] on a format's grid.</summary>
public interface IQuantisedMatrix
{
    int Rows { get; }

    int Columns { get; }

    /// <summary>Row-major float32: exactly what a reader of <see cref="Pack"/> gets.</summary>
    float[] Dequantise();

    /// <summary>The bytes that a file stores. Throws <see cref="InvalidOperationException"/> where no format can hold it.</summary>
    byte[] Pack();
}
