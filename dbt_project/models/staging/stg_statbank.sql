with

{{ newest_cells(
    'statbank', ['frequency', 'income_type', 'education', 'unit', 'sex', 'age', 'ancestry', 'region']
) }},

typed as (

    select
        newest._record_id,
        newest._dataset as dataset,
        newest.frequency,
        newest.income_type,
        newest.education,
        newest.unit,
        newest.sex,
        newest.age,
        newest.ancestry,
        newest.region,
        municipality.area_id,
        newest.year,
        newest.value,
        newest._file_id,
        newest._file_name,
        newest._delivered_on,
        newest._row_number
    from newest
    left join {{ source('agreement', 'municipality_name') }} as municipality
        on lower(trim(newest.region)) = municipality.name

)

select * from typed
