with

{{ newest_cells('beboertal', ['measure', 'area']) }},

typed as (

    select
        _record_id,
        _dataset as dataset,
        measure,
        area as area_id,
        year,
        value,
        _file_id,
        _file_name,
        _delivered_on,
        _row_number
    from newest

)

select * from typed
