namespace EdgeBench.Kernels.Dense;

/// <summary>
/// Products by blocks that fit the caches. B is packed to panels; A is read where it lies if its inner index is contiguous, so that a few columns of B are
/// enough to be worth it. Source: K. Goto, R. van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, without its packing of A.
/// </summary>
internal sealed unsafe class TiledProduct<TTile> : TiledProduct
    where TTile : struct, ITile
{
    // Inner elements whose panels stay in the second-level cache between the tiles of a piece.
    private const int MaxInner = 512;

    // Floats of packed panels that are in memory at once, of each factor, and inner elements of a block.
    private const int MaxPacked = 1 << 21, MaxDepth = 1 << 12;

    // Rows that lie this many floats apart share their places in a first-level cache, so they are packed too.
    private const int Colliding = 1024;

    // A piece is at most so many tiles high and panels wide; smaller where a product has few of them.
    private const int MostTiles = 16, MostPanels = 4, WantedPieces = 24;

    private Product _product;
    private bool _packsA;
    private int _mostRows, _mostColumns, _mostDepth;
    private int _row, _rows, _column, _columns, _start, _depth;
    private int _tilesPerPiece, _panelsPerPiece;
    private float* _a, _b;

    public override bool Begin(in Product product)
    {
        _product = product;
        if (product.M == 0 || product.N == 0) return false;
        _packsA = product.A.InnerMajor || product.A.Stride % Colliding == 0;
        _mostDepth = Even(Math.Max(1, product.K), MaxDepth, 1);
        _mostColumns = Even(product.N, Math.Max(TTile.Columns, MaxPacked / _mostDepth), TTile.Columns);
        _mostRows = _packsA ? Even(product.M, Math.Max(TTile.Rows, MaxPacked / _mostDepth), TTile.Rows) : product.M;
        long floatsOfB = (long)_mostColumns * _mostDepth, floatsOfA = _packsA ? (long)_mostRows * _mostDepth : 0;
        _b = Memory(floatsOfA + floatsOfB);
        _a = _b + floatsOfB;
        (_row, _column, _start) = (0, 0, 0);
        Enter();
        return true;
    }

    public override bool Advance()
    {
        if ((_column += _mostColumns) >= _product.N)
        {
            _column = 0;
            if ((_start += _mostDepth) >= _product.K)
            {
                _start = 0;
                if ((_row += _mostRows) >= _product.M) return false;
            }
        }
        Enter();
        return true;
    }

    public override void Pack(int piece)
    {
        int panels = Ceiling(_columns, TTile.Columns);
        if (piece < panels)
        {
            int column = piece * TTile.Columns;
            Panel.Pack(_product.B, _column + column, Math.Min(TTile.Columns, _columns - column), TTile.Columns, _start, _depth, _b + ((nint)column * _depth));
            return;
        }
        int row = (piece - panels) * TTile.Rows;
        Panel.Pack(_product.A, _row + row, Math.Min(TTile.Rows, _rows - row), TTile.Rows, _start, _depth, _a + ((nint)row * _depth));
    }

    public override void Multiply(int piece)
    {
        int tiles = Ceiling(_rows, TTile.Rows), panels = Ceiling(_columns, TTile.Columns), across = Ceiling(panels, _panelsPerPiece);
        int firstTile = piece / across * _tilesPerPiece, firstPanel = piece % across * _panelsPerPiece;
        int lastTile = Math.Min(firstTile + _tilesPerPiece, tiles), lastPanel = Math.Min(firstPanel + _panelsPerPiece, panels);
        int step = Even(Math.Max(1, _depth), MaxInner, 1);
        bool packsEdge = !_packsA && lastTile * TTile.Rows > _rows;
        float* edge = stackalloc float[packsEdge ? TTile.Rows * step : 1];
        for (int inner = 0; inner < Math.Max(1, _depth); inner += step)
        {
            int k = Math.Min(step, _depth - inner);
            if (packsEdge)
            {
                int row = (lastTile - 1) * TTile.Rows;
                Panel.Pack(_product.A, _row + row, _rows - row, TTile.Rows, _start + inner, k, edge);
            }
            for (int panel = firstPanel; panel < lastPanel; panel++)
            {
                for (int tile = firstTile; tile < lastTile; tile++) One(tile * TTile.Rows, panel * TTile.Columns, inner, k, packsEdge && tile == lastTile - 1 ? edge : null);
            }
        }
    }

    private void Enter()
    {
        (_rows, _columns, _depth) = (Math.Min(_mostRows, _product.M - _row), Math.Min(_mostColumns, _product.N - _column), Math.Min(_mostDepth, _product.K - _start));
        int tiles = Ceiling(_rows, TTile.Rows), panels = Ceiling(_columns, TTile.Columns);
        bool packsAgain = _packsA && _column == 0;
        Packs = panels + (packsAgain ? tiles : 0);
        (_tilesPerPiece, _panelsPerPiece) = (MostTiles, MostPanels);
        while (_tilesPerPiece > 2 && Ceiling(tiles, _tilesPerPiece) * Ceiling(panels, _panelsPerPiece) < WantedPieces) _tilesPerPiece /= 2;
        while (_panelsPerPiece > 1 && Ceiling(tiles, _tilesPerPiece) * Ceiling(panels, _panelsPerPiece) < WantedPieces) _panelsPerPiece /= 2;
        Pieces = Ceiling(tiles, _tilesPerPiece) * Ceiling(panels, _panelsPerPiece);
    }

    private void One(int row, int column, int inner, int k, float* edge)
    {
        float* a = edge, b = _b + ((nint)column * _depth) + ((nint)inner * TTile.Columns);
        nint rowStride = 1, innerStride = TTile.Rows;
        if (_packsA)
        {
            a = _a + ((nint)row * _depth) + ((nint)inner * TTile.Rows);
        }
        else if (edge == null)
        {
            a = _product.A.Data + ((nint)(_row + row) * _product.A.Stride) + _start + inner;
            (rowStride, innerStride) = (_product.A.Stride, 1);
        }
        float* c = _product.C + ((nint)(_row + row) * _product.CStride) + _column + column;
        float* seed = c;
        nint seedStride = _product.CStride;
        if (_start + inner == 0)
        {
            seedStride = _product.StrideOfSeed;
            seed = _product.Seed == null ? null : _product.Seed + ((_row + row) * seedStride) + _column + column;
        }
        int rows = Math.Min(TTile.Rows, _rows - row), columns = Math.Min(TTile.Columns, _columns - column);
        if (rows == TTile.Rows && columns == TTile.Columns)
        {
            TTile.Multiply(a, rowStride, innerStride, b, k, c, _product.CStride, seed, seedStride);
            return;
        }
        float* whole = stackalloc float[TTile.Rows * TTile.Columns];
        TTile.Multiply(a, rowStride, innerStride, b, k, whole, TTile.Columns, null, 0);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                float value = whole[(i * TTile.Columns) + j];
                c[((nint)i * _product.CStride) + j] = seed == null ? value : seed[(i * seedStride) + j] + value;
            }
        }
    }

    // Pieces of equal length, a multiple of a step, of which none is longer than asked.
    private static int Even(int length, int most, int step)
    {
        int pieces = Ceiling(length, Math.Max(step, most / step * step));
        return Ceiling(Ceiling(length, pieces), step) * step;
    }

    private static int Ceiling(int value, int step) => (value + step - 1) / step;
}
