with

{{ newest_version('forloeb_deltagere', ['course_name', 'participant', 'starts_on']) }},

typed as (

    select
        _record_id,
        course_name,
        participant as person_key,
        area as area_id,
        cast(starts_on as date) as starts_on,
        cast(ends_on as date) as ends_on,
        cast(age_at_start as integer) as age_at_start,
        cast(attendance_count as double) as attendance_count,
        _file_id,
        _file_name,
        _delivered_on,
        _row_number
    from newest

)

select * from typed
